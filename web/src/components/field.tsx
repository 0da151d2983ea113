/** Fields of forms, with their labels, notes and errors tied to them. */

import type { PartialInputHTMLAttributes } from "preact";
import { useId } from "preact/hooks";

import { excess } from "../format/length";
import { isAhead, isSkipped, localTime } from "../format/times";
import { now } from "../platform/clock";

interface FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  note?: string | undefined;
  error?: string | undefined;
  /** How many characters it takes; more are not cut off, but complained of. */
  longest?: number;
}

type InputType = "number" | "datetime-local";

type TextFieldProps = FieldProps & { type?: InputType } & Pick<
    PartialInputHTMLAttributes<HTMLInputElement>,
    | "autoCapitalize"
    | "autoComplete"
    | "enterKeyHint"
    | "inputMode"
    | "max"
    | "min"
    | "pattern"
    | "placeholder"
    | "required"
    | "spellcheck"
  >;

export function TextField({ label, value, onValue, note, type, longest, ...rest }: TextFieldProps) {
  const id = useId();
  const { error = complaintOf(value, longest), ...attributes } = rest;
  return (
    <div class="field">
      <label key={label} for={id} dir="auto">
        {label}
      </label>
      <input
        {...attributes}
        type={inputType(type)}
        dir={type === undefined && attributes.inputMode === undefined ? "auto" : undefined}
        {...described(id, note, error)}
        class="input"
        value={value}
        onInput={(event) => {
          onValue(event.currentTarget.value);
        }}
      />
      <Remarks id={id} note={note} error={error} />
    </div>
  );
}

export function TextArea({ label, value, onValue, note, longest, ...rest }: FieldProps) {
  const id = useId();
  const { error = complaintOf(value, longest) } = rest;
  return (
    <div class="field">
      <label key={label} for={id} dir="auto">
        {label}
      </label>
      <textarea
        dir="auto"
        {...described(id, note, error)}
        class="input"
        value={value}
        onInput={(event) => {
          onValue(event.currentTarget.value);
        }}
      />
      <Remarks id={id} note={note} error={error} />
    </div>
  );
}

/** An amount, typed as the reader writes numbers. */
export function AmountField(props: TextFieldProps) {
  return <TextField inputMode="decimal" autoComplete="off" enterKeyHint="done" {...props} />;
}

/** The last moment whose year the API takes. */
const END_OF_TIME = "9999-12-31T23:59";

/** A day and a time of day that are still to come, in the reader's time zone. */
export function TimeField({ error, ...props }: Omit<TextFieldProps, "type" | "min" | "max">) {
  return (
    <TextField
      type="datetime-local"
      min={localTime(new Date(now()).toISOString())}
      max={END_OF_TIME}
      error={error ?? complaintAboutTime(props.value)}
      {...props}
    />
  );
}

function complaintAboutTime(local: string): string | undefined {
  if (local !== "" && !isAhead(local, now())) {
    return "Choose a time that is still to come.";
  }
  return isSkipped(local) ? "There is no such time on that day: the clocks are set forward." : undefined;
}

/** The fields of a form that hold half of what they take, such as a day without a time. Their value says nothing of it. */
export function halfFilled(form: ParentNode | null): readonly HTMLInputElement[] {
  return Array.from(form?.querySelectorAll("input") ?? []).filter((field) => field.validity.badInput);
}

interface CheckProps {
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}

export function Check({ label, isChecked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
      {label}
    </label>
  );
}

function complaintOf(value: string, longest: number | undefined): string | undefined {
  return longest === undefined ? undefined : excess(value, longest);
}

/** Preact's types part inputs by their type; here one component is any of them. */
function inputType(type: InputType | undefined): "text" {
  return (type ?? "text") as "text";
}

function described(id: string, note: string | undefined, error: string | undefined) {
  const ids = [...(note === undefined ? [] : [`${id}-note`]), ...(error === undefined ? [] : [`${id}-error`])];
  return {
    id,
    "aria-invalid": error !== undefined,
    "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined,
  };
}

function Remarks({ id, note, error }: { id: string; note: string | undefined; error: string | undefined }) {
  return (
    <>
      {note !== undefined && (
        <p key={note} id={`${id}-note`} class="field-note" dir="auto">
          {note}
        </p>
      )}
      {error !== undefined && (
        <p key={error} id={`${id}-error`} class="field-error" dir="auto">
          {error}
        </p>
      )}
    </>
  );
}
