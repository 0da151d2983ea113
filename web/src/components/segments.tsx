/** One of a few choices, all in sight: radio buttons that look like one control. */

import { useId } from "preact/hooks";

interface SegmentsProps<T extends string> {
  legend: string;
  options: readonly { value: T; label: string; name?: string }[];
  value: T;
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ legend, options, value, onChange }: SegmentsProps<T>) {
  const group = useId();
  return (
    <fieldset>
      <legend class="unseen">{legend}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={group}
              checked={option.value === value}
              aria-label={option.name}
              onChange={() => {
                onChange(option.value);
              }}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
