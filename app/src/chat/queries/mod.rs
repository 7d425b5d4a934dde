//! Each SQL text beside its function.

pub(super) mod blocks;
pub(super) mod conversations;
pub(super) mod marks;
pub(super) mod members;
pub(super) mod messages;
pub(super) mod places;
pub(super) mod reactions;
pub(super) mod searching;

/// Whether a person reads this message: it lies in one of their periods.
macro_rules! in_a_period {
    ($message:literal, $user:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM memberships p WHERE p.conversation_id = ",
            $message,
            ".conversation_id AND p.user_id = ",
            $user,
            " AND p.from_seq < ",
            $message,
            ".seq AND (p.to_seq IS NULL OR p.to_seq >= ",
            $message,
            ".seq))"
        )
    };
}

/// Whether one of two people has blocked the other.
macro_rules! blocks_between {
    ($one:literal, $other:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM blocks b WHERE (b.user_id = ",
            $one,
            " AND b.blocked_id = ",
            $other,
            ") OR (b.user_id = ",
            $other,
            " AND b.blocked_id = ",
            $one,
            "))"
        )
    };
}

use {blocks_between, in_a_period};
