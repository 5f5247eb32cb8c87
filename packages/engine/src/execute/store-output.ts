import type { BlobStore, GeneratedOutput, Json, RunningJob, StoredOutput } from "@sluice/core"

/** Above this an output is kept beside the job, so that documents stay small. */
const maxInlineBytes = 1_048_576

export interface OutputOwner {
  readonly id: string
  readonly run: number
  readonly tenantId: string
  /** Of the claim: an execution that was overtaken must not replace what the one after it has stored. */
  readonly token: string
}

export function ownerOf({ id, run, tenantId, claim }: RunningJob): OutputOwner {
  return { id, run, tenantId, token: claim.token }
}

/** Where the bytes of an image are kept; `name` is how its URL ends. */
export function imageBlobId({ id }: { readonly id: string }, name: string): string {
  return `${id}-image-${name}`
}

function imageName({ run, token }: OutputOwner, index: number): string {
  return `${run}-${token}-${index}`
}

/** Puts an answer where it belongs: images and large outputs as blobs, the rest into the job. */
export async function storeOutput(blobs: BlobStore, owner: OutputOwner, generated: GeneratedOutput): Promise<StoredOutput> {
  return await storeValue(blobs, owner, generated.kind === "image" ? await storeImages(blobs, owner, generated.images) : generated.output)
}

/** The same for an output as the wire shows it. */
export async function storeValue(blobs: BlobStore, owner: OutputOwner, value: Json): Promise<StoredOutput> {
  // Most outputs are far below the bound even if every character took three bytes: no need to count those.
  const text = JSON.stringify(value)
  if (text.length * 3 <= maxInlineBytes) return { at: "job", value }
  const bytes = Buffer.from(text)
  if (bytes.length <= maxInlineBytes) return { at: "job", value }
  const contentType = "application/json"
  const blobId = `${owner.id}-${owner.run}-${owner.token}`
  await blobs.put({ id: blobId, tenantId: owner.tenantId, contentType, bytes })
  return { at: "blob", blobId, bytes: bytes.length, contentType }
}

type Images = Extract<GeneratedOutput, { kind: "image" }>["images"]

async function storeImages(blobs: BlobStore, owner: OutputOwner, images: Images): Promise<Json> {
  const { id, tenantId } = owner
  const named = images.map((image, index) => ({ ...image, name: imageName(owner, index) }))
  await Promise.all(named.map(({ contentType, bytes, name }) => blobs.put({ id: imageBlobId(owner, name), tenantId, contentType, bytes })))
  const shown = named.map(({ contentType, width, height, name }) => ({ url: `/v1/jobs/${id}/images/${name}`, contentType, width, height }))
  return { images: shown }
}
