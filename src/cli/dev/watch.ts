/**
 * Local workerd has no CPU limit, and one hostile document can keep it for ever. This is the limit here: a server that
 * has answered nothing for a while is stuck, and `start` begins it again on the same state, where leases drive every
 * file once more and a file that does it each time ends after its tries.
 */

/** How often it is asked, and how long one answer may take. */
const ASK_MS = 10_000;
/** Longer than any honest page takes. The converter's own limit on Cloudflare is cpu_ms. */
const STUCK_MS = 120_000;

export interface Watch {
  /** Settles when the server has been silent for STUCK_MS. */
  stuck: Promise<void>;
  stop(): void;
}

export function watch(url: string, stuckMs = STUCK_MS, askMs = ASK_MS): Watch {
  let last = Date.now();
  let timer: ReturnType<typeof setTimeout>;
  const stuck = new Promise<void>((tell) => {
    const ask = async (): Promise<void> => {
      const answered = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(askMs) }).then(
        (response) => response.body?.cancel().then(() => true) ?? true,
        () => false,
      );
      if (answered) last = Date.now();
      if (Date.now() - last >= stuckMs) tell();
      else timer = setTimeout(ask, askMs);
    };
    timer = setTimeout(ask, askMs);
  });
  return { stuck, stop: () => clearTimeout(timer) };
}
