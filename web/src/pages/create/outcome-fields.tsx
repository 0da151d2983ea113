/** The outcomes of a market: two at least, twenty at most. */

import { TextField } from "../../components/field";

const LEAST = 2;
const MOST = 20;

interface OutcomeFieldsProps {
  outcomes: readonly string[];
  /** What is wrong with them, and with each under `outcomes.<index>`. */
  errors: Readonly<Record<string, string>>;
  onChange: (outcomes: readonly string[]) => void;
}

export function OutcomeFields({ outcomes, errors, onChange }: OutcomeFieldsProps) {
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
              value={outcome}
              error={errors[`outcomes.${index}`]}
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
      {errors.outcomes !== undefined && <p class="field-error">{errors.outcomes}</p>}
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
