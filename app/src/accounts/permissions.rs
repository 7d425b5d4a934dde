//! Who may do what: one table. Rights on single boards come on top of it and are the boards' own.

use super::model::Role;

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Start threads, reply, react, keep read marks.
    Write,
    /// Change one's own profile, password, sessions and tokens.
    KeepAccount,
    /// Edit, delete and restore what others wrote, and see how posts read before.
    Moderate,
    /// Pin, lock, move and retitle threads of others.
    ArrangeThreads,
    /// Make boards.
    CreateBoards,
    /// Change the rights and the policy of boards.
    ManageBoards,
    /// See e-mail, age, gender and names of others; give roles, ban, make one-time links.
    ManagePeople,
    /// Make and change groups and say who is in them.
    ManageGroups,
    /// Change the community's name and its rules.
    ManageSite,
}

impl Permission {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Write,
        Self::KeepAccount,
        Self::Moderate,
        Self::ArrangeThreads,
        Self::CreateBoards,
        Self::ManageBoards,
        Self::ManagePeople,
        Self::ManageGroups,
        Self::ManageSite,
    ];

    /// The least role that has it.
    const fn least(self) -> Role {
        match self {
            Self::Write | Self::KeepAccount => Role::Member,
            Self::Moderate | Self::ArrangeThreads | Self::CreateBoards => Role::Moderator,
            Self::ManageBoards | Self::ManagePeople | Self::ManageGroups | Self::ManageSite => Role::Admin,
        }
    }

    /// Whether people of this role have it.
    pub fn is_given_to(self, role: Role) -> bool {
        role >= self.least()
    }

    /// Why somebody who lacks it is refused.
    pub const fn refusal(self) -> &'static str {
        match self.least() {
            Role::Admin => "Only administrators may do this.",
            Role::Moderator => "Only moderators may do this.",
            Role::Member | Role::Guest => "Only members may do this.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Permission::{self, *};
    use super::Role;

    const YES: bool = true;
    const NO: bool = false;

    /// The table as it is meant, cell by cell; the code says it by thresholds.
    #[rustfmt::skip]
    const TABLE: [(Permission, [bool; 4]); 9] = [
        //                guest member moderator admin
        (Write,          [NO,   YES,   YES,      YES]),
        (KeepAccount,    [NO,   YES,   YES,      YES]),
        (Moderate,       [NO,   NO,    YES,      YES]),
        (ArrangeThreads, [NO,   NO,    YES,      YES]),
        (CreateBoards,   [NO,   NO,    YES,      YES]),
        (ManageBoards,   [NO,   NO,    NO,       YES]),
        (ManagePeople,   [NO,   NO,    NO,       YES]),
        (ManageGroups,   [NO,   NO,    NO,       YES]),
        (ManageSite,     [NO,   NO,    NO,       YES]),
    ];

    #[test]
    fn each_cell_is_as_meant() {
        let roles = [Role::Guest, Role::Member, Role::Moderator, Role::Admin];
        for (permission, row) in TABLE {
            for (role, meant) in roles.into_iter().zip(row) {
                assert_eq!(permission.is_given_to(role), meant, "{permission:?} for {role}");
            }
        }
    }

    #[test]
    fn no_permission_is_left_out_of_the_table() {
        assert_eq!(TABLE.map(|(permission, _)| permission), Permission::ALL);
    }
}
