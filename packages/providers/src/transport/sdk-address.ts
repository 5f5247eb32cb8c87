/** Where requests of one kind go, and with which headers. */
export interface Address {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

/** The part of a client of a vendor's SDK that makes a request without sending it. */
export interface RequestBuilder {
  buildRequest(options: {
    readonly method: "post"
    readonly path: string
    readonly body: { readonly model: string }
    readonly timeout: number
  }): Promise<{ readonly url: string; readonly req: { readonly headers?: ConstructorParameters<typeof Headers>[0] } }>
}

export interface AddressQuery {
  readonly path: string
  /** Azure's older API has it in the path. */
  readonly model: string
  /** Which the SDK tells the server. */
  readonly timeoutMs: number
}

const longestTimerMs = 2 ** 31 - 1

/**
 * Lets a vendor's SDK address and authenticate requests, once for all of the same client, path and model, while the exchange stays
 * ours. To send each through the SDK takes a tenth of a worker's time, and it would keep of an answer only what its own error
 * classes and parsers have room for: an error in an array, or the cause of a time-out, are lost.
 */
export function createAddressBook(): (client: RequestBuilder, query: AddressQuery) => Promise<Address> {
  const books = new WeakMap<RequestBuilder, Map<string, Address>>()
  return async (client, query) => {
    const book = books.get(client) ?? new Map<string, Address>()
    books.set(client, book)
    const key = JSON.stringify([query.path, query.model, query.timeoutMs])
    const address = book.get(key) ?? (await askSdk(client, query))
    book.set(key, address)
    return address
  }
}

async function askSdk(client: RequestBuilder, { path, model, timeoutMs }: AddressQuery): Promise<Address> {
  const timeout = Math.min(timeoutMs, longestTimerMs)
  const { url, req } = await client.buildRequest({ method: "post", path, body: { model }, timeout })
  return { url: new URL(url), headers: Object.fromEntries(new Headers(req.headers)) }
}
