import { Link } from "@tanstack/react-router"

/** To the page of a job. */
export function JobLink({ id }: { readonly id: string }) {
  return (
    <Link to="/jobs/$jobId" params={{ jobId: id }} className="mono">
      {id}
    </Link>
  )
}
