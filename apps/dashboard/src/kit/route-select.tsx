import { useQuery } from "@tanstack/react-query"
import { useApi } from "../app/api.tsx"
import { routesQuery } from "../app/routes-query.ts"
import { useSession } from "../app/session.ts"
import { Select, TextField } from "./field.tsx"

export interface RouteSelectProps {
  readonly value: string
  readonly onChange: (route: string) => void
  /** What choosing none means. */
  readonly none: string
}

/** A list of the routes where the key may see them, else a field to type one into. */
export function RouteSelect({ value, onChange, none }: RouteSelectProps) {
  const { data } = useQuery(routesQuery(useApi(), useSession()))
  if (!data) return <TextField label="Route" value={value} onChange={onChange} placeholder={none} />
  return (
    <Select label="Route" value={value} onChange={onChange}>
      <option value="">{none}</option>
      {data.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  )
}
