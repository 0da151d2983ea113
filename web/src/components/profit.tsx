/** What somebody has won or lost, by sign and colour; nothing won is no gain. */

import { classOfChange, formatChange } from "../format/numbers";

export function Profit({ amount }: { amount: string }) {
  return (
    <span class={classOfChange(amount)} translate={false}>
      {formatChange(amount)}
    </span>
  );
}
