import { createClient, databaseNameOf } from "../connection/create-client.ts"

/** Removes the database that the URL names, with all that is in it. For tests that made it. */
export async function dropDatabase({ url }: { readonly url: string }): Promise<void> {
  const client = createClient({ url })
  try {
    await client.db(databaseNameOf({ url })).dropDatabase()
  } finally {
    await client.close()
  }
}
