import type { FileStore } from "@sluice/core"

/** Files of a store that need not be there yet. */
export function deferredFiles(files: () => FileStore): FileStore {
  return {
    insert: async (file) => await files().insert(file),
    find: async (ref) => await files().find(ref),
    list: async (request) => await files().list(request),
    remove: async (ref) => await files().remove(ref),
    findExpired: async (request) => await files().findExpired(request),
  }
}
