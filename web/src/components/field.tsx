/** Fields of forms, with their labels, notes and errors tied to them. */

import type { PartialInputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  note?: string | undefined;
  error?: string | undefined;
}

type InputType = "number" | "datetime-local";

type TextFieldProps = FieldProps & { type?: InputType } & Pick<
    PartialInputHTMLAttributes<HTMLInputElement>,
    | "autoCapitalize"
    | "autoComplete"
    | "enterKeyHint"
    | "inputMode"
    | "max"
    | "maxLength"
    | "min"
    | "pattern"
    | "placeholder"
    | "required"
    | "spellcheck"
  >;

type TextAreaProps = FieldProps & Pick<TextareaHTMLAttributes, "maxLength">;

export function TextField({ label, value, onValue, note, error, type, ...attributes }: TextFieldProps) {
  const id = useId();
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

export function TextArea({ label, value, onValue, note, error, ...attributes }: TextAreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label key={label} for={id} dir="auto">
        {label}
      </label>
      <textarea
        {...attributes}
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
