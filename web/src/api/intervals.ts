/** How long the candles of the API are. */

export type Interval = "1m" | "1h" | "1d";

export const SECONDS_OF: Readonly<Record<Interval, number>> = { "1m": 60, "1h": 3_600, "1d": 86_400 };
