// `npm run backup -- DIR` and `npm run restore -- DIR`: the database named by MONGODB_URL, to a folder and back.
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { parseEnvironment } from "../../packages/runtime/src/index.ts"
import { backupDatabase, DatabaseNotEmptyError, type Manifest, restoreDatabase } from "../../packages/store/src/index.ts"

const help = `npm run backup -- DIR
npm run restore -- DIR [--yes]

Backup writes all collections of the database that MONGODB_URL names, with their indexes, into DIR. The system may go on
running. Restore puts them into the database that MONGODB_URL names. Stop the system first; Redis needs no backup: what it
has to know is made again from the database.

  --yes   replaces what is in the database
`

interface Arguments {
  readonly command: "backup" | "restore"
  readonly folder: string
  readonly replace: boolean
}

function parse(): Arguments | null {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { yes: { type: "boolean" }, help: { type: "boolean" } } })
  const [command, folder] = positionals
  if (values.help || folder === undefined || positionals.length > 2) return null
  return { command: command === "restore" ? "restore" : "backup", folder: resolve(folder), replace: values.yes ?? false }
}

async function run({ command, folder, replace }: Arguments): Promise<void> {
  const { mongodbUrl: url } = parseEnvironment(process.env)
  const report = ({ name, documents }: Manifest["collections"][number]) => console.log(`${name}: ${documents}`)
  const { collections } =
    command === "backup" ? await backupDatabase({ url, folder, report }) : await restoreDatabase({ url, folder, replace, report })
  const documents = collections.reduce((sum, collection) => sum + collection.documents, 0)
  const what = `${documents} documents in ${collections.length} collections`
  console.log(command === "backup" ? `${what} are in ${folder}.` : `${what} are back. Start the workers: they fill Redis again.`)
}

try {
  const wanted = parse()
  if (wanted) await run(wanted)
  else {
    process.stderr.write(help)
    process.exitCode = 2
  }
} catch (error) {
  const hint = error instanceof DatabaseNotEmptyError ? " To replace it all, add --yes." : ""
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`)
  process.exitCode = 1
}
