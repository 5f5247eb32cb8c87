import type { Blob, BlobStore } from "@sluice/core"
import { Problem } from "../../problems/problem.ts"

/** The stored bytes; throws `not_found` when there are none under the id, or no longer. */
export async function loadBlob(blobs: BlobStore, request: { readonly tenantId: string; readonly id: string }): Promise<Blob> {
  const blob = await blobs.get(request)
  if (blob !== null) return blob
  throw new Problem({ code: "not_found", detail: "The job has no such file, or it has been removed after its retention." })
}
