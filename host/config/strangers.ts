/** Keys that no kiosk has and that people bring all the same, and why there is none. */

/** Of any word of a key. */
const MONEY =
  /^(?:price|prices|priced|currency|currencies|euro|euros|eur|usd|dollar|dollars|payment|payments|pay|payout|payouts|deposit|withdraw|withdrawal|exchange|fiat|wallet|iban|bitcoin|btc|eth|cash|cashout)$/;

const PLAY_MONEY = "chips are play money: they have no price, and are neither bought nor paid out";

/** Why there is no such key, where that is worth a word. */
export function whyNone(key: string): string | undefined {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (words.some((word) => MONEY.test(word))) return PLAY_MONEY;
  return Object.hasOwn(NOT_HERE, key) ? NOT_HERE[key] : undefined;
}

const NOT_HERE: { readonly [key: string]: string } = Object.freeze({
  byzantine_config: "its sections stand here without it, at the beginning of their lines",
  passphrase: "a passphrase in a file is none: passphrase_file names a file that holds it, or it is asked for",
  batching_enabled: "a batch_size of 1 agrees on each request alone",
});
