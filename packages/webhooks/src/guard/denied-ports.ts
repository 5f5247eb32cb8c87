const firstUnprivilegedPort = 1_024
const webPorts = [80, 443]

/**
 * Above 1023: services whose wire could be reached by a POST, or that answer to HTTP and are no receivers of webhooks. All
 * lie below the ports that systems hand out by chance.
 */
const servicePorts = [
  1080, // SOCKS
  1433, // SQL Server
  1521, // Oracle
  1719, // H.323
  1720, // H.323
  1723, // PPTP
  2049, // NFS
  2181, // ZooKeeper
  2375, // Docker
  2376, // Docker
  2379, // etcd
  2380, // etcd
  3128, // proxies
  3306, // MySQL
  3389, // RDP
  3659, // Apple SASL
  4045, // NFS locks
  4190, // Sieve
  4369, // Erlang
  5060, // SIP
  5061, // SIP
  5432, // PostgreSQL
  5672, // AMQP
  5900, // VNC
  5984, // CouchDB
  5985, // WinRM
  5986, // WinRM
  6000, // X11
  6379, // Redis
  6380, // Redis over TLS
  6443, // Kubernetes
  6566, // SANE
  6665, // IRC
  6666, // IRC
  6667, // IRC
  6668, // IRC
  6669, // IRC
  6679, // IRC
  6697, // IRC
  8500, // Consul
  9042, // Cassandra
  9092, // Kafka
  9200, // Elasticsearch
  9300, // Elasticsearch
  10080, // Amanda
  10250, // kubelet
  10255, // kubelet
  11211, // memcached
  26379, // Redis Sentinel
  27017, // MongoDB
  27018, // MongoDB
  27019, // MongoDB
]

/** Every port below 1024 except those of the web, and those of well-known services above. */
export const defaultDeniedPorts: readonly number[] = [
  ...Array.from({ length: firstUnprivilegedPort }, (_, port) => port).filter((port) => !webPorts.includes(port)),
  ...servicePorts,
]
