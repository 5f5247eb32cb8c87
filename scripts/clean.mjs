// Removes what the other commands made. The toolchain goes too: the next command brings it back.
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
console.log("to be completed with devstack")
