//! What the database's queues and connections look like, for metrics; read when asked for.

use std::time::Duration;

use folkmoot_store::times::{BOUNDS, Taken};
use folkmoot_store::{Db, ReplicaStats, Standing, Stats};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// Adds the figures of a database to a registry.
pub fn register(db: Db, registry: &mut Registry) {
    registry.register_collector(Box::new(Database(db)));
}

struct Database(Db);

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

impl Collector for Database {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let Stats {
            waiting_batches,
            waiting_reads,
            connections,
            in_use,
            committed,
            groups,
            reads,
            read_times,
            commit_times,
            wal_bytes,
            replica,
        } = self.0.stats();
        let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let gauges = [
            ("database_connections", "Connections that are open", size(connections)),
            ("database_connections_in_use", "Connections that are at work", size(in_use)),
            ("database_writes_waiting", "Batches that wait to be committed", size(waiting_batches)),
            ("database_reads_waiting", "Reads that wait for a connection", size(waiting_reads)),
            ("database_wal_bytes", "SQLite: bytes in the log that the next start would read", wal_bytes),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::<u64>::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        let counters = [
            ("database_batches_committed", "Batches committed", committed),
            ("database_reads", "Statements answered with rows, outside of batches", reads),
            (
                "database_commits",
                "Commits that carried them; fewer, since those that wait go together",
                groups,
            ),
        ];
        for (name, help, value) in counters {
            counted(&mut encoder, name, help, value)?;
        }
        timed(&mut encoder, read_times, commit_times)?;
        replica.map_or(Ok(()), |replica| followed(&mut encoder, replica))
    }
}

/// How long reads and commits took, as one histogram with a label.
fn timed(encoder: &mut DescriptorEncoder, reads: Taken, commits: Taken) -> Result<(), std::fmt::Error> {
    let (name, help) =
        ("database_query_duration_seconds", "Time that callers waited for rows and for commits");
    let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
    let ends = BOUNDS.iter().map(|micros| seconds(*micros)).chain([f64::INFINITY]);
    for (kind, taken) in [("read", reads), ("commit", commits)] {
        let buckets: Vec<(f64, u64)> = ends.clone().zip(taken.buckets).collect();
        let count = taken.buckets.iter().sum();
        let labels = [("kind", kind)];
        let mut one = metric.encode_family(&labels)?;
        one.encode_histogram::<NoLabelSet>(seconds(taken.sum_micros), count, &buckets, None)?;
    }
    Ok(())
}

fn seconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}

/// The figures of a replica.
fn followed(encoder: &mut DescriptorEncoder, replica: ReplicaStats) -> Result<(), std::fmt::Error> {
    let up = ConstGauge::<u64>::new(u64::from(replica.standing != Standing::Away));
    let help = "Whether reads may go to the replica";
    up.encode(encoder.encode_descriptor("database_replica_up", help, None, up.metric_type())?)?;
    if let Some(behind) = replica.behind_ms {
        let behind = ConstGauge::<f64>::new(Duration::from_millis(behind).as_secs_f64());
        let help = "Everything acknowledged so long ago is on the replica, as far as is known";
        let name = "database_replica_behind_seconds";
        behind.encode(encoder.encode_descriptor(name, help, None, behind.metric_type())?)?;
    }
    counted(encoder, "database_replica_reads", "Reads that the replica took", replica.taken)?;
    let help = "Reads that went to the primary because the replica was too far behind or away";
    counted(encoder, "database_replica_reads_passed", help, replica.passed)
}

fn counted(
    encoder: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    value: u64,
) -> Result<(), std::fmt::Error> {
    let counter = ConstCounter::<u64>::new(value);
    counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)
}
