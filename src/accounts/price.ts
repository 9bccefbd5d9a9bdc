/** What pages cost: the announced tiers, counted by the month. Pure arithmetic; the pages come from the ledger. */

export interface Tiers {
  /** Dollars per 1,000 pages up to `tierPages` of a month. */
  per1000: number;
  /** Dollars per 1,000 pages beyond. */
  per1000Above: number;
  tierPages: number;
}

/** The tiers as they are configured. */
export interface PriceVars {
  PRICE_PER_1000: string;
  PRICE_PER_1000_ABOVE: string;
  PRICE_TIER_PAGES: string;
}

/** @throws RangeError when the configuration is not three numbers */
export function readTiers(vars: PriceVars): Tiers {
  const tiers = {
    per1000: Number(vars.PRICE_PER_1000),
    per1000Above: Number(vars.PRICE_PER_1000_ABOVE),
    tierPages: Number(vars.PRICE_TIER_PAGES),
  };
  for (const [name, value] of Object.entries(tiers)) {
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`price: ${name} is ${value}`);
  }
  return tiers;
}

/** Dollars for `pages` when the month has seen `pagesBefore` already. */
export function priceOf(pagesBefore: number, pages: number, tiers: Tiers): number {
  const below = Math.max(0, Math.min(pages, tiers.tierPages - pagesBefore));
  return (below * tiers.per1000 + (pages - below) * tiers.per1000Above) / 1000;
}
