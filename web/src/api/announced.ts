/** What the API offers and its description does not list yet; a page that meets a server without it shows less. */

/** How one outcome of a market fared: at the end of up to 24 past hours, oldest first, and at last now. */
export interface MarketTrend {
  readonly outcome: string;
  readonly prices: readonly string[];
}

export interface Clarification {
  readonly text: string;
  readonly created_at: string;
}

export interface AnnouncedResolution {
  /** Before this nothing is paid, and the decision can be withdrawn. */
  readonly settles_at?: string;
}

export interface AnnouncedMarket {
  /** Of the market's last event; 0 in a draft. */
  readonly position?: number;
  /** How many accounts ever held shares. */
  readonly traders?: number;
  readonly clarifications?: readonly Clarification[];
  readonly trend?: MarketTrend | null;
}

export interface AnnouncedPosition {
  /** What selling all of it now would bring; null while the market takes no orders. */
  readonly sale_value?: string | null;
}

export interface AnnouncedPortfolio {
  readonly sale_equity?: string;
}

export interface AnnouncedInvitation {
  /** What whoever comes in by it may do besides trading. */
  readonly roles?: readonly string[];
}

/** What everybody may know of an account. */
export interface Person {
  readonly account: string;
  readonly name: string;
  readonly created_at: string;
}

/** What admins know of an account. */
export interface Member extends Person {
  readonly balance: string;
  readonly suspended: boolean;
}

/** What came of a market for an account. */
export interface MarketResult {
  readonly market: string;
  readonly name: string;
  readonly resolved_at: string;
  readonly profit: string;
  readonly bought: string;
  readonly points: string;
  readonly brier: string | null;
}

/** What an account has achieved in a period. */
export interface TrackRecord {
  readonly account: string;
  readonly name: string;
  readonly period: string;
  readonly markets: number;
  readonly profit: string;
  readonly bought: string;
  readonly points: string;
  readonly brier: string | null;
  /** Shares bought at prices of a tenth of the scale, and what they paid. */
  readonly calibration: {
    readonly from: string;
    readonly to: string;
    readonly shares: string;
    readonly paid: string;
  }[];
}

export interface LeaderboardRow {
  readonly rank: number;
  readonly account: string;
  readonly name: string;
  readonly markets: number;
  readonly profit: string;
  readonly bought: string;
  readonly points: string;
  readonly brier: string | null;
}

export interface Comment {
  readonly id: string;
  readonly market: string;
  readonly account: string;
  readonly text: string;
  /** The author's largest holding when it was written. */
  readonly holding: { readonly outcome: string; readonly quantity: string } | null;
  readonly created_at: string;
}

export interface SignInLink {
  readonly url: string;
  readonly expires_at: string;
}
