//! Who may read, start and reply on a board: the one decision, in Rust and as a guard in SQL.

use crate::accounts::{Actor, GroupId, Permission, UserId};

/// Whom a right is given to. Administrators have every right on every board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Everybody; to write, one must be signed in.
    Everyone,
    /// Who has an account.
    Members,
    /// Moderators and administrators.
    Staff,
    /// The board's owner alone.
    Owner,
    /// Who is in a group.
    Group(GroupId),
}

impl Right {
    /// The right as its columns have it; `None` for what no release wrote.
    pub fn parse(word: &str, group: Option<GroupId>) -> Option<Self> {
        match (word, group) {
            ("everyone", _) => Some(Self::Everyone),
            ("members", _) => Some(Self::Members),
            ("staff", _) => Some(Self::Staff),
            ("owner", _) => Some(Self::Owner),
            ("group", Some(group)) => Some(Self::Group(group)),
            _ => None,
        }
    }

    /// The right's word, as stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Members => "members",
            Self::Staff => "staff",
            Self::Owner => "owner",
            Self::Group(_) => "group",
        }
    }

    /// The group beside the word, as stored.
    pub const fn group(self) -> Option<GroupId> {
        match self {
            Self::Group(group) => Some(group),
            _ => None,
        }
    }
}

/// The three rights of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rights {
    /// Whose board it is, where rights are given to an owner.
    pub owner: Option<UserId>,
    /// Who may read, and know that it exists.
    pub read: Right,
    /// Who may start threads.
    pub start: Right,
    /// Who may reply.
    pub reply: Right,
}

impl Rights {
    /// Whether this person may read, and know that the board exists.
    pub fn may_read(&self, actor: &Actor) -> bool {
        self.holds(self.read, actor)
    }

    /// Whether this person may start threads.
    pub fn may_start(&self, actor: &Actor) -> bool {
        self.may_write(self.start, actor)
    }

    /// Whether this person may reply.
    pub fn may_reply(&self, actor: &Actor) -> bool {
        self.may_write(self.reply, actor)
    }

    /// Whether this person keeps order here: moderators do where they may read.
    pub fn may_moderate(&self, actor: &Actor) -> bool {
        actor.may(Permission::Moderate) && self.may_read(actor)
    }

    /// Whether guests may read: only then may others be told counts of what happens here.
    pub fn is_public(&self) -> bool {
        self.read == Right::Everyone
    }

    fn may_write(&self, right: Right, actor: &Actor) -> bool {
        actor.may(Permission::Write) && self.may_read(actor) && self.holds(right, actor)
    }

    fn holds(&self, right: Right, actor: &Actor) -> bool {
        let given = match right {
            Right::Everyone => true,
            Right::Members => actor.id().is_some(),
            Right::Staff => actor.may(Permission::Moderate),
            Right::Owner => self.owner.is_some() && self.owner == actor.id(),
            Right::Group(group) => actor.groups().contains(&group),
        };
        given || actor.may(Permission::ManageBoards)
    }
}

/// The same decision as [`Rights`] as SQL text: whether the row `u` of users, in good standing, may read the row `b` of
/// boards, and besides do what is named (`"start"`, `"reply"`).
macro_rules! rights_sql {
    () => {
        concat!("(u.standing = 'good' AND ", $crate::boards::rights_sql!(@holds "read"), ")")
    };
    ($right:literal) => {
        concat!(
            "(u.standing = 'good' AND ",
            $crate::boards::rights_sql!(@holds "read"),
            " AND ",
            $crate::boards::rights_sql!(@holds $right),
            ")"
        )
    };
    (@holds $right:literal) => {
        concat!(
            "(u.role = 'admin' OR CASE b.", $right, "_right WHEN 'everyone' THEN TRUE WHEN 'members' THEN TRUE
            WHEN 'staff' THEN u.role = 'moderator' WHEN 'owner' THEN COALESCE(b.owner_id = u.id, FALSE)
            WHEN 'group' THEN EXISTS (SELECT 1 FROM group_members gm WHERE gm.group_id = b.", $right, "_group
                AND gm.user_id = u.id) ELSE FALSE END)"
        )
    };
}

pub(crate) use rights_sql;
