//! The blocks of the vocabulary and how they may nest.

/// A block element of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph,
    /// Level 1 to 6 as it was written.
    Heading(u8),
    Quote,
    Details,
    Summary,
    List,
    Numbered,
    Item,
    Terms,
    Term,
    Meaning,
    Table,
    Head,
    Body,
    Row,
    HeadCell,
    Cell,
    Code,
}

/// What a block may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Blocks; loose text gets a paragraph.
    Blocks,
    /// Blocks and loose text.
    Both,
    /// Text only.
    Text,
    /// Items, terms, or parts of a table only.
    Parts,
}

impl Block {
    pub(super) fn tags(self) -> (&'static str, &'static str) {
        match self {
            Self::Paragraph => ("<p", "</p>"),
            Self::Heading(1) => ("<h1", "</h1>"),
            Self::Heading(2) => ("<h2", "</h2>"),
            Self::Heading(3) => ("<h3", "</h3>"),
            Self::Heading(4) => ("<h4", "</h4>"),
            Self::Heading(5) => ("<h5", "</h5>"),
            Self::Heading(_) => ("<h6", "</h6>"),
            Self::Quote => ("<blockquote", "</blockquote>"),
            Self::Details => ("<details", "</details>"),
            Self::Summary => ("<summary", "</summary>"),
            Self::List => ("<ul", "</ul>"),
            Self::Numbered => ("<ol", "</ol>"),
            Self::Item => ("<li", "</li>"),
            Self::Terms => ("<dl", "</dl>"),
            Self::Term => ("<dt", "</dt>"),
            Self::Meaning => ("<dd", "</dd>"),
            Self::Table => ("<div class=\"table\"><table", "</table></div>"),
            Self::Head => ("<thead", "</thead>"),
            Self::Body => ("<tbody", "</tbody>"),
            Self::Row => ("<tr", "</tr>"),
            Self::HeadCell => ("<th", "</th>"),
            Self::Cell => ("<td", "</td>"),
            Self::Code => ("<pre", "</code></pre>"),
        }
    }

    pub(super) fn holds(self) -> Holds {
        match self {
            Self::Quote | Self::Details => Holds::Blocks,
            Self::Item | Self::Meaning | Self::HeadCell | Self::Cell => Holds::Both,
            Self::Paragraph | Self::Heading(_) | Self::Summary | Self::Term | Self::Code => Holds::Text,
            Self::List | Self::Numbered | Self::Terms | Self::Table | Self::Head | Self::Body | Self::Row => {
                Holds::Parts
            }
        }
    }

    /// Whether it stands only inside particular parents.
    pub(super) fn is_part(self) -> bool {
        matches!(
            self,
            Self::Item
                | Self::Summary
                | Self::Term
                | Self::Meaning
                | Self::Head
                | Self::Body
                | Self::Row
                | Self::HeadCell
                | Self::Cell
        )
    }

    pub(super) fn may_hold(self, child: Self) -> bool {
        match self {
            Self::List | Self::Numbered => child == Self::Item,
            Self::Terms => matches!(child, Self::Term | Self::Meaning),
            Self::Table => matches!(child, Self::Head | Self::Body),
            Self::Head | Self::Body => child == Self::Row,
            Self::Row => matches!(child, Self::HeadCell | Self::Cell),
            _ => self.holds() != Holds::Text && !child.is_part(),
        }
    }

    /// The part that has to stand between this block and what is about to be written in it.
    pub(super) fn missing_part(self, child: Option<Self>) -> Option<Self> {
        let for_row = matches!(child, Some(Self::HeadCell | Self::Cell));
        let for_body = for_row || child == Some(Self::Row);
        let any = child.is_none_or(|child| !child.is_part());
        match self {
            Self::List | Self::Numbered if any => Some(Self::Item),
            Self::Terms if any => Some(Self::Meaning),
            Self::Table if any || for_body => Some(Self::Body),
            Self::Head | Self::Body if any || for_row => Some(Self::Row),
            Self::Row if any => Some(Self::Cell),
            _ => None,
        }
    }

    /// Whether it is left out when nothing was written in it.
    pub(super) fn vanishes_empty(self) -> bool {
        !matches!(
            self,
            Self::Quote | Self::Heading(_) | Self::Item | Self::HeadCell | Self::Cell | Self::Code
        )
    }
}
