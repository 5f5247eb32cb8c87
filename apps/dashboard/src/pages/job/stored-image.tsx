import { useQuery } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useApi } from "../../app/api.tsx"
import { QueryView } from "../../kit/query-view.tsx"

/** An image that the API has stored. It is fetched rather than linked, since a link cannot say for which tenant. */
export function StoredImage({ path, alt }: { readonly path: string; readonly alt: string }) {
  const { tenantId, loadBlob } = useApi()
  const query = useQuery({
    queryKey: [tenantId, "image", path],
    queryFn: ({ signal }) => loadBlob(path, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <QueryView query={query}>{(blob) => <BlobImage blob={blob} alt={alt} />}</QueryView>
}

function BlobImage({ blob, alt }: { readonly blob: Blob; readonly alt: string }) {
  const [url, setUrl] = useState("")
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url === "" ? null : <img className="picture" src={url} alt={alt} />
}
