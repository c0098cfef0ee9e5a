#pragma once

#include "sekimori/infer/inference.h"
#include "sekimori/infer/on_link.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sekimori {

/// One asset, before anything is concluded of it.
struct Member {
  AssetKind kind = AssetKind::device;
  bool excluded = false;        ///< the plan says that it is not the plant's
  bool router = false;          ///< it sends for others
  std::uint64_t forwarded = 0;  ///< for how many
  std::string_view redundancy;  ///< of its virtual MAC
  RowId behind = kNoRow;        ///< of a unit: the asset whose address it shares
  std::uint32_t unit = Target::kNoUnit;
  IpAddress ip;              ///< the address to call it by; unset where it has none
  Mac mac;                   ///< likewise; unset where none is its own
  std::string_view segment;  ///< where `ip` or `mac` is
  bool seen_any = false;
  Span seen;
};

/// Who talks with whom; kNoRow for what is no asset.
struct ConversationEnds {
  RowId client = kNoRow, server = kNoRow;
};

/// Which addresses and units are one asset. The one place that turns addresses into assets.
class Census {
 public:
  Census(const Facts& facts, const LinkTest& links, const ZonePlan& plan);

  [[nodiscard]] const std::vector<Member>& members() const noexcept { return members_; }
  [[nodiscard]] const Member& member(RowId asset) const { return members_[asset - 1]; }
  [[nodiscard]] const std::vector<AddressRow>& addresses() const noexcept { return addresses_; }

  /// The asset with this address; kNoRow where the facts hold none such.
  [[nodiscard]] RowId of(const Mac& mac) const;
  [[nodiscard]] RowId of(const IpAddress& ip, std::string_view segment) const;
  /// A device behind `asset`; `asset` itself where it is but one device.
  [[nodiscard]] RowId unit(RowId asset, std::uint32_t unit) const;
  [[nodiscard]] RowId of(const SubjectKey& subject) const;
  /// Of each conversation, in the order of Facts::conversations.
  [[nodiscard]] const std::vector<ConversationEnds>& ends() const noexcept { return ends_; }

  /// Whether the address is the asset's own where it was seen: OnLink::no behind a router.
  [[nodiscard]] OnLink on_link(const IpAddress& ip, std::string_view segment) const;
  /// Whether a router was seen sending for the address there.
  [[nodiscard]] bool forwarded(const IpAddress& ip, std::string_view segment) const;

  /// Distinct units that answered behind `asset`, whether or not they became assets.
  [[nodiscard]] std::uint64_t units(RowId asset) const { return unit_counts_[asset - 1]; }

 private:
  friend class CensusTaker;

  struct Place {
    IpAddress ip;
    std::string_view segment;
    RowId asset = kNoRow;
    OnLink on_link = OnLink::unknown;
    bool forwarded = false;
  };
  void find_ends(const Facts& facts);
  [[nodiscard]] const Place* find(const IpAddress& ip, std::string_view segment) const;

  std::vector<Member> members_;
  std::vector<AddressRow> addresses_;
  std::vector<std::uint64_t> unit_counts_;
  std::vector<ConversationEnds> ends_;
  std::vector<std::pair<Mac, RowId>> macs_;  // sorted
  std::vector<Place> places_;                // sorted by IP and segment
  std::vector<std::pair<std::pair<RowId, std::uint32_t>, RowId>> units_;  // sorted
};

}  // namespace sekimori
