/** The engine's Host under Node, for tests. */
import { nodeHost } from "../../src/cli/host.ts";

export const host = await nodeHost();
