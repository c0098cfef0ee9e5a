#include "sekimori/dissect/cip_identity.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

struct Row {
  std::uint16_t number;
  std::string_view name;
};

// ODVA's vendor ids as Wireshark's table has them; names shortened to what people call the maker.
constexpr auto kVendors = std::to_array<Row>({
    {1, "Rockwell Automation"},
    {2, "Namco Controls"},
    {3, "Honeywell"},
    {4, "Parker Hannifin"},
    {5, "Rockwell Automation"},
    {7, "SMC"},
    {8, "Molex"},
    {9, "Western Reserve Controls"},
    {10, "AMCI"},
    {12, "Banner Engineering"},
    {13, "Belden"},
    {26, "Festo"},
    {37, "Yaskawa"},
    {40, "WAGO"},
    {43, "Balluff"},
    {44, "Yaskawa"},
    {45, "Eurotherm"},
    {46, "ABB"},
    {47, "Omron"},
    {48, "Turck"},
    {50, "Real Time Automation"},
    {56, "Softing"},
    {57, "Pepperl+Fuchs"},
    {58, "Spectrum Controls"},
    {68, "Eaton"},
    {71, "Toshiba"},
    {74, "Hitachi"},
    {75, "ABB"},
    {77, "Rockwell Software"},
    {82, "Mitsubishi Electric"},
    {83, "Opto 22"},
    {86, "Horner"},
    {87, "Burkert"},
    {90, "HMS Industrial Networks"},
    {94, "Advantech"},
    {95, "Square D"},
    {96, "Digital Electronics"},
    {97, "Danfoss"},
    {100, "Bosch Rexroth"},
    {108, "Beckhoff"},
    {109, "National Instruments"},
    {121, "KUKA"},
    {127, "ABB"},
    {143, "General Electric"},
    {145, "Siemens"},
    {159, "IDEC"},
    {160, "Mitsubishi Heavy Industries"},
    {161, "Mitsubishi Electric"},
    {170, "Pyramid Solutions"},
    {171, "Denso Wave"},
    {176, "Red Lion Controls"},
    {181, "Pilz"},
    {184, "M-System"},
    {187, "Oriental Motor"},
    {201, "CKD"},
    {216, "SUNX"},
    {217, "Meidensha"},
    {243, "Schneider Electric"},
    {245, "Weidmuller"},
    {246, "Brooks Instrument"},
    {250, "Yokogawa Electric"},
    {252, "Omron"},
    {254, "Control Technology"},
    {255, "Bosch Rexroth"},
    {256, "Turck"},
    {257, "Control Techniques"},
    {259, "LS Electric"},
    {283, "Hilscher"},
    {287, "Bosch Rexroth"},
    {301, "Yokogawa"},
    {309, "ProSoft Technology"},
    {315, "SEW-Eurodrive"},
    {319, "Fuji Electric"},
    {322, "ifm"},
    {326, "GE Fanuc"},
    {335, "Toshiba"},
    {345, "Endress+Hauser"},
    {356, "Fanuc Robotics"},
    {367, "Keyence"},
    {376, "Toshiba"},
    {441, "Nachi-Fujikoshi"},
    {445, "Lenze"},
    {482, "Koyo Electronics"},
    {511, "SICK Stegmann"},
    {562, "Phoenix Contact"},
    {577, "Hitachi"},
    {590, "Delta Computer Systems"},
    {591, "Fanuc"},
    {593, "ABB"},
    {634, "Hirschmann"},
    {640, "Murrelektronik"},
    {678, "Cognex"},
    {680, "Weidmuller"},
    {722, "ABB"},
    {796, "Siemens"},
    {799, "Delta"},
    {808, "SICK"},
    {862, "Siemens"},
    {903, "Emerson"},
    {928, "GE Multilin"},
    {939, "Cisco"},
});

// The CIP Networks Library, volume 1, 6-7, as public parsers list it.
constexpr auto kDeviceTypes = std::to_array<Row>({
    {0x00, "generic device"},
    {0x02, "ac drive"},
    {0x03, "motor overload"},
    {0x04, "limit switch"},
    {0x05, "inductive proximity switch"},
    {0x06, "photoelectric sensor"},
    {0x07, "general purpose discrete i/o"},
    {0x09, "resolver"},
    {0x0c, "communications adapter"},
    {0x0e, "programmable logic controller"},
    {0x10, "position controller"},
    {0x13, "dc drive"},
    {0x15, "contactor"},
    {0x16, "motor starter"},
    {0x17, "soft starter"},
    {0x18, "human-machine interface"},
    {0x1a, "mass flow controller"},
    {0x1b, "pneumatic valve"},
    {0x1c, "vacuum pressure gauge"},
    {0x1d, "process control valve"},
    {0x1e, "residual gas analyser"},
    {0x1f, "dc power generator"},
    {0x20, "rf power generator"},
    {0x21, "turbomolecular vacuum pump"},
    {0x22, "encoder"},
    {0x23, "safety discrete i/o"},
    {0x24, "fluid flow controller"},
    {0x25, "motion drive"},
    {0x26, "componet repeater"},
    {0x27, "enhanced mass flow controller"},
    {0x28, "modbus device"},
    {0x29, "modbus translator"},
    {0x2a, "safety analog i/o"},
    {0x2b, "generic device"},
    {0x2c, "managed switch"},
    {0x2d, "motion safety drive"},
    {0x2e, "safety drive"},
    {0x2f, "motion encoder"},
    {0x30, "motion converter"},
    {0x31, "motion i/o"},
    {0x32, "controlnet physical layer component"},
    {0xc8, "embedded component"},
});

constexpr std::uint16_t kRockwell = 1;
constexpr std::uint16_t kController = 0x0e;

template <std::size_t count>
std::string_view name_in(const std::array<Row, count>& table, std::uint16_t number) noexcept {
  const auto row = std::ranges::lower_bound(table, number, {}, &Row::number);
  return row != table.end() && row->number == number ? row->name : std::string_view{};
}

static_assert(std::ranges::is_sorted(kVendors, {}, &Row::number));
static_assert(std::ranges::is_sorted(kDeviceTypes, {}, &Row::number));

}  // namespace

std::string_view cip_vendor_name(std::uint16_t id) noexcept {
  return name_in(kVendors, id);
}

std::string_view cip_device_type_name(std::uint16_t type) noexcept {
  return name_in(kDeviceTypes, type);
}

CipIdentity CipIdentity::read(ByteCursor& bytes) noexcept {
  CipIdentity identity;
  identity.vendor = bytes.le16();
  identity.type = bytes.le16();
  identity.product = bytes.le16();
  identity.major = bytes.u8();
  identity.minor = bytes.u8();
  identity.status = bytes.le16();
  identity.serial = bytes.le32();
  identity.name = bytes.take(bytes.u8());
  return identity;
}

bool CipIdentity::is_logix() const noexcept {
  return vendor == kRockwell && type == kController;
}

// Bits 4 to 7 (5A-2.1.5): 6, a connection in run mode, and 7, all idle, which Logix uses for its
// mode whatever the connections; bits 12 and 13, which are the vendor's, for its key switch
// (Rockwell Knowledgebase 28917, as pycomm3 has it).
std::string_view logix_mode(std::uint16_t status) noexcept {
  const auto mode = status >> 4U & 0x0fU;
  const auto key = status >> 12U & 0x03U;
  if (mode == 6) return key == 1 ? "run" : key == 3 ? "remote run" : std::string_view{};
  if (mode == 7) return key == 2 ? "program" : key == 3 ? "remote program" : std::string_view{};
  return {};
}

void tell_cip_vendor(std::uint16_t id, const Subject& subject, Observer& out) {
  const auto name = cip_vendor_name(id);
  const auto text = name.empty() ? SmallText{"CIP vendor "}.decimal(id) : SmallText{name};
  out.property(subject, Property::vendor, text.bytes(), Confidence::stated);
}

void tell_cip_revision(std::uint8_t major, std::uint8_t minor, const Subject& subject,
                       Observer& out) {
  const auto text = SmallText{}.decimal(major).add('.').decimal(minor);
  out.property(subject, Property::firmware, text.bytes(), Confidence::stated);
}

void tell_cip_serial(std::uint32_t serial, const Subject& subject, Observer& out) {
  out.property(subject, Property::serial, SmallText{}.hex(serial, 8).bytes(), Confidence::stated);
}

// Bits 8 to 11 (5A-2.1.5), and 1 and 4 of bits 4 to 7.
void tell_cip_status(std::uint16_t status, const Subject& subject, Observer& out) {
  constexpr auto kFaults =
      std::to_array<std::string_view>({"minor recoverable fault", "minor unrecoverable fault",
                                       "major recoverable fault", "major unrecoverable fault"});
  for (std::size_t i = 0; i < kFaults.size(); ++i)
    if ((std::uint32_t{status} >> (8U + i) & 1U) != 0)
      out.event(Event::device_state, kFaults[i], subject);
  const auto state = status >> 4U & 0x0fU;
  if (state == 1) out.event(Event::device_state, "firmware update in progress", subject);
  if (state == 4) out.event(Event::device_state, "stored configuration is bad", subject);
}

void tell_cip_identity(const CipIdentity& identity, const Subject& subject, Observer& out) {
  tell_cip_vendor(identity.vendor, subject, out);
  if (!identity.name.empty())
    out.property(subject, Property::product, identity.name, Confidence::stated);
  // Not as the model: that would hide the product's name, which is the catalogue number.
  SmallText kind{"device type "};
  kind.decimal(identity.type);
  const auto type = cip_device_type_name(identity.type);
  if (!type.empty()) kind.add(" (").add(type).add(')');
  kind.add(", product code ").decimal(identity.product);
  out.property(subject, Property::description, kind.bytes(), Confidence::stated);
  tell_cip_revision(identity.major, identity.minor, subject, out);
  tell_cip_serial(identity.serial, subject, out);
  tell_cip_status(identity.status, subject, out);
  const auto mode = identity.is_logix() ? logix_mode(identity.status) : std::string_view{};
  if (!mode.empty()) out.property(subject, Property::mode, bytes_of(mode), Confidence::stated);
}

}  // namespace sekimori
