import { CLUSTER_INSIDE } from "./layout.ts"

/** Settings of PostgreSQL for the stand-in, with the reasons for those that are not DocumentDB's own requirements. */
export function postgresSettings(maxConnections: number): Record<string, string> {
  return {
    shared_preload_libraries: "pg_cron,pg_documentdb_core,pg_documentdb",
    "cron.database_name": "postgres",
    "cron.use_background_workers": "on",
    "cron.log_run": "off",
    "cron.log_statement": "off",
    // No TCP port to collide with, and none for other users of the machine: only the gateway gets in.
    listen_addresses: "",
    unix_socket_directories: CLUSTER_INSIDE,
    unix_socket_permissions: "0700",
    "documentdb.localhost_connection_string": `host=${CLUSTER_INSIDE}`,
    // Taken only as far as it is used. With the default of 128 MB a look through what lies scattered over a million jobs evicts itself.
    shared_buffers: "512MB",
    // The planner reckons with 8 kB for each figure of each group, and rather than find no room for a few thousand groups would sort
    // all documents on disk.
    hash_mem_multiplier: "40",
    // Without /dev/shm in the chroot.
    dynamic_shared_memory_type: "mmap",
    // fsync and synchronous_commit stay on: a write that was acknowledged with majority must survive a power cut here too.
    // WAL for a single server is the smallest there is.
    wal_level: "minimal",
    max_wal_senders: "0",
    max_wal_size: "1GB",
    checkpoint_timeout: "15min",
    max_connections: String(maxConnections),
    max_worker_processes: "16",
    // Small data on few cores: a parallel plan costs more than it brings.
    max_parallel_workers_per_gather: "0",
    // Several times as fast as the default for documents of more than 2 kB.
    default_toast_compression: "lz4",
    // A lost deadlock must roll the whole command back, for the gateway runs it again; and be noticed soon.
    "documentdb.throwDeadlockOnCRUD": "on",
    deadlock_timeout: "100ms",
    // Results of open cursors go to files, so that a cursor holds no connection.
    "documentdb.useFileBasedPersistedCursors": "on",
    "documentdb.defaultCursorExpiryTimeLimitSeconds": "600",
    // A duplicate key is an everyday answer, not news for a log.
    log_min_messages: "log",
    log_checkpoints: "off",
    timezone: "UTC",
    log_timezone: "UTC",
  }
}
