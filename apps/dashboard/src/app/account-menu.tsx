import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { Button } from "../kit/button.tsx"
import { Select } from "../kit/field.tsx"
import { useApi } from "./api.tsx"
import { useSession } from "./session.ts"
import { chooseTheme, themes, useTheme } from "./theme.ts"

const themeNames = { system: "System", light: "Light", dark: "Dark" }

/** For whom one looks, the theme, and the way out. */
export function AccountMenu() {
  const session = useSession()
  const { theme } = useTheme()
  return (
    <details className="account">
      <summary>
        <span className="unseen">Account and theme: </span>
        <span className="account-name cut">{session.actor}</span>
        <TenantName />
      </summary>
      <div className="account-body">
        {session.can("tenants:admin") && <TenantChoice />}
        <Select label="Theme" value={theme} onChange={(value) => chooseTheme(themes.find((one) => one === value) ?? "system")}>
          {themes.map((one) => (
            <option key={one} value={one}>
              {themeNames[one]}
            </option>
          ))}
        </Select>
        <p className="small soft">
          <a href="/docs">API</a>
          {session.can("operate:read") && (
            <>
              {" · "}
              <a href="/admin/queues">Queue board</a>
            </>
          )}
        </p>
        <Button onClick={() => void session.signOut()}>Sign out</Button>
      </div>
    </details>
  )
}

function TenantName() {
  const { tenantId, isForAll } = useApi()
  return <span className="small soft cut">{isForAll ? "all tenants" : `tenant ${tenantId}`}</span>
}

/** None chosen: figures are of all tenants, and jobs, which are listed for one tenant at a time, are those of the key's own. */
function TenantChoice() {
  const { client, tenantId, isForAll } = useApi()
  const { tenantId: own } = useSession()
  const navigate = useNavigate()
  const { data } = useQuery({ queryKey: ["tenants"], queryFn: () => client.tenants.list({ limit: 200 }).page() })
  const ids = new Set([own, tenantId, ...(data?.data ?? []).map(({ id }) => id)])
  const choose = (id: string) => void navigate({ to: ".", search: (old) => ({ ...old, tenant: id === "" ? undefined : id }) })
  return (
    <Select label="Tenant" value={isForAll ? "" : tenantId} onChange={choose}>
      <option value="">all (jobs: {own})</option>
      {[...ids].map((id) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </Select>
  )
}
