import type { BlobStore, GeneratedOutput, Json, StoredOutput } from "@sluice/core"

/** Above this an output is kept beside the job, so that documents stay small. */
const maxInlineBytes = 1_048_576

export interface OutputOwner {
  readonly id: string
  readonly run: number
  readonly tenantId: string
}

/** Where the bytes of an image are kept. */
export function imageBlobId({ id, run }: Pick<OutputOwner, "id" | "run">, index: number): string {
  return `${id}-${run}-image-${index}`
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
  const blobId = `${owner.id}-${owner.run}`
  await blobs.put({ id: blobId, tenantId: owner.tenantId, contentType, bytes })
  return { at: "blob", blobId, bytes: bytes.length, contentType }
}

type Images = Extract<GeneratedOutput, { kind: "image" }>["images"]

async function storeImages(blobs: BlobStore, owner: OutputOwner, images: Images): Promise<Json> {
  const { id, tenantId } = owner
  await Promise.all(
    images.map(({ contentType, bytes }, index) => blobs.put({ id: imageBlobId(owner, index), tenantId, contentType, bytes })),
  )
  const shown = images.map(({ contentType, width, height }, index) => ({
    url: `/v1/jobs/${id}/images/${index}`,
    contentType,
    width,
    height,
  }))
  return { images: shown }
}
