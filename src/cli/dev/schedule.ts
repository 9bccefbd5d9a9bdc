/** Local workerd fires no cron: this does, through its own route, at the times wrangler.toml names. */

/** As in wrangler.toml. */
const EVERY_MINUTE = "* * * * *";
const DAILY = "17 3 * * *";
const DAILY_AT = { hour: 3, minute: 17 };
const MINUTE_MS = 60_000;

/** The daily one also runs shortly after each start: a laptop is seldom on at three in the morning. */
export function keepTime(url: string): () => void {
  const fire = (cron: string): void => {
    // What goes wrong in there is in the Worker's log; the next minute asks again.
    fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`).then(
      (response) => response.body?.cancel(),
      () => {},
    );
  };
  fire(DAILY);
  fire(EVERY_MINUTE);
  const timer = setInterval(() => {
    const now = new Date();
    fire(EVERY_MINUTE);
    if (now.getUTCHours() === DAILY_AT.hour && now.getUTCMinutes() === DAILY_AT.minute) fire(DAILY);
  }, MINUTE_MS);
  return () => clearInterval(timer);
}
