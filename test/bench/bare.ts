/** The yardstick: a bare Hono route, run as the service is run. */
import { Hono } from "hono";

export default new Hono().get("/", (c) => c.json({ ok: true }));
