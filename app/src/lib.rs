//! The product: one binary, cut by feature.
