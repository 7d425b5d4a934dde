//! Publish and subscribe between nodes: in memory, and in a form that misbehaves for tests.
