import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

/** Whether this process may give a child a small disk of its own. */
export function hasSmallDisks(): boolean {
  return spawnSync("unshare", ["--mount", "sh", "-c", `mount -t tmpfs -o size=1m tmpfs "${tmpdir()}"`]).status === 0;
}
