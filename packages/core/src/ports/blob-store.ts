/** Outputs that are too large for a job document, and generated images. */
export interface BlobStore {
  /** Replaces what was stored under the id. */
  put(blob: { readonly id: string; readonly tenantId: string; readonly contentType: string; readonly bytes: Uint8Array }): Promise<void>
  /** Null when there is none, or when it is another tenant's. */
  get(request: { readonly id: string; readonly tenantId: string }): Promise<Blob | null>
  delete(request: { readonly id: string; readonly tenantId: string }): Promise<void>
  /** Removes all blobs of the tenant whose ids are this owner's id, a dash, and anything. */
  deleteAllOf(request: { readonly owner: string; readonly tenantId: string }): Promise<void>
}

export interface Blob {
  readonly contentType: string
  readonly bytes: Uint8Array
}
