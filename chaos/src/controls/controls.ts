import { clientControls } from "./client-controls.ts";
import type { Control } from "./control.ts";
import { serverControls } from "./server-controls.ts";

/** Every negative control. */
export const controls: readonly Control[] = [...serverControls, ...clientControls];

/** What fits into a test run: one bug of the server, one of the client. */
export const shortControls: readonly Control[] = [serverControls, clientControls].flatMap(([first]) => first ?? []);
