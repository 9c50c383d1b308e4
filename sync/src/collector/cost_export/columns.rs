//! The columns of CUR 2.0 that are read; an export may have any others.

/// A column that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Which service.
    ProductCode,
    /// Usage, credit, refund, tax, ...
    LineItemType,
    /// What was used.
    UsageType,
    /// From when on.
    UsageStart,
    /// Whose usage.
    UsageAccount,
    /// By which resource.
    Resource,
    /// How much.
    UsageAmount,
    /// What it costs.
    Unblended,
    /// In which currency.
    Currency,
    /// What it costs after discounts.
    NetUnblended,
    /// Where.
    Region,
    /// What the amount counts.
    Unit,
    /// Cost allocation tags.
    Tags,
}

impl Column {
    /// All of them, in the order of the numbers they have.
    pub(super) const ALL: [Self; 13] = [
        Self::ProductCode,
        Self::LineItemType,
        Self::UsageType,
        Self::UsageStart,
        Self::UsageAccount,
        Self::Resource,
        Self::UsageAmount,
        Self::Unblended,
        Self::Currency,
        Self::NetUnblended,
        Self::Region,
        Self::Unit,
        Self::Tags,
    ];

    /// AWS's name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ProductCode => "line_item_product_code",
            Self::LineItemType => "line_item_line_item_type",
            Self::UsageType => "line_item_usage_type",
            Self::UsageStart => "line_item_usage_start_date",
            Self::UsageAccount => "line_item_usage_account_id",
            Self::Resource => "line_item_resource_id",
            Self::UsageAmount => "line_item_usage_amount",
            Self::Unblended => "line_item_unblended_cost",
            Self::Currency => "line_item_currency_code",
            Self::NetUnblended => "line_item_net_unblended_cost",
            Self::Region => "product_region_code",
            Self::Unit => "pricing_unit",
            Self::Tags => "resource_tags",
        }
    }

    /// Whether a file without it cannot be read. Net costs are there only for accounts with
    /// discounts; the others are left to whoever makes the export.
    pub(super) const fn is_required(self) -> bool {
        !matches!(self, Self::NetUnblended | Self::Region | Self::Unit | Self::Tags)
    }
}
