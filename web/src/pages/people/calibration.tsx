/** How often what somebody bought at some chance happened: on the diagonal it happened as often as they paid for. */

import type { TrackRecord } from "../../api/reads";
import { formatPayoutRate, formatScale, formatShares } from "../../format/numbers";

const SIZE = 100;
const MARGIN = 10;
const LARGEST = 5;
const SMALLEST = 1.2;

export function Calibration({ steps }: { steps: TrackRecord["calibration"] }) {
  const most = Math.max(...steps.map(({ shares }) => Number(shares)));
  const points = steps.map(({ from, to, shares, paid }) => ({
    from,
    to,
    shares,
    paid,
    x: scaled((Number(from) + Number(to)) / 2),
    y: SIZE - scaled(Number(paid) / Number(shares)),
    radius: SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(Number(shares) / most),
  }));
  return (
    <div class="stack">
      <svg
        class="calibration"
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="img"
        aria-label="Calibration, as in the table below"
      >
        <line x1={MARGIN} y1={SIZE - MARGIN} x2={SIZE - MARGIN} y2={MARGIN} />
        <line x1={MARGIN} y1={SIZE - MARGIN} x2={SIZE - MARGIN} y2={SIZE - MARGIN} />
        <line x1={MARGIN} y1={MARGIN} x2={MARGIN} y2={SIZE - MARGIN} />
        <text x={SIZE / 2} y={SIZE - 3} text-anchor="middle">
          bought at
        </text>
        <text x={-SIZE / 2} y={5} text-anchor="middle" transform="rotate(-90)">
          happened
        </text>
        {points.map(({ from, x, y, radius }) => (
          <circle key={from} cx={x} cy={y} r={radius} />
        ))}
      </svg>
      <table>
        <thead>
          <tr>
            <th scope="col">Bought at</th>
            <th scope="col" class="number">
              Shares
            </th>
            <th scope="col" class="number">
              Happened
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ from, to, shares, paid }) => (
            <tr key={from}>
              <th scope="row">
                {formatScale(Number(from))} to {formatScale(Number(to))}
              </th>
              <td class="number">{formatShares(shares)}</td>
              <td class="number">{formatPayoutRate(String(Number(paid) / Number(shares)))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where a share of one is along an axis. */
function scaled(share: number): number {
  return MARGIN + share * (SIZE - 2 * MARGIN);
}
