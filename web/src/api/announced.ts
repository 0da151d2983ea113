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
