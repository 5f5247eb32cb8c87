// mongod-downloader.ts FOLDER: downloads the mongod that fits this system, unless the folder has it, and ends its output with
// its path. A program of its own, because the library writes its progress to standard output and cannot be stopped.
import { MongoBinary } from "mongodb-memory-server-core"

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error("Usage: mongod-downloader.ts FOLDER")
const path = await MongoBinary.getPath({ downloadDir: folder })
process.stdout.write(`\n${path}\n`)
