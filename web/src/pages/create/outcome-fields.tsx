/** The outcomes of a market: two at least, twenty at most. */

import { TextField } from "../../components/field";

const LEAST = 2;
const MOST = 20;

interface OutcomeFieldsProps {
  outcomes: readonly string[];
  error: string | undefined;
  onChange: (outcomes: readonly string[]) => void;
}

export function OutcomeFields({ outcomes, error, onChange }: OutcomeFieldsProps) {
  return (
    <fieldset class="field">
      <legend>Outcomes</legend>
      <ol class="stack stack-tight">
        {outcomes.map((outcome, index) => (
          // Outcomes have no identity but their place: their names are being typed.
          <li key={index} class="outcome-field">
            <TextField
              label={`Outcome ${index + 1}`}
              required
              maxLength={40}
              value={outcome}
              onValue={(name) => {
                onChange(outcomes.map((other, at) => (at === index ? name : other)));
              }}
            />
            {outcomes.length > LEAST && (
              <button
                type="button"
                class="button"
                aria-label={`Remove outcome ${index + 1}`}
                onClick={() => {
                  onChange(outcomes.filter((_, at) => at !== index));
                }}
              >
                Remove
              </button>
            )}
          </li>
        ))}
      </ol>
      {error !== undefined && <p class="field-error">{error}</p>}
      {outcomes.length < MOST && (
        <div>
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              onChange([...outcomes, ""]);
            }}
          >
            Add an outcome
          </button>
        </div>
      )}
    </fieldset>
  );
}
