#include "sekimori/dissect/enterprise.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

struct Enterprise {
  std::uint32_t number;
  std::string_view name;
};

// IANA, Private Enterprise Numbers; names shortened to what people call the maker.
constexpr auto kEnterprises = std::to_array<Enterprise>({
    {2, "IBM"},
    {9, "Cisco"},
    {11, "Hewlett-Packard"},
    {43, "3Com"},
    {95, "Rockwell Automation"},
    {116, "Hitachi"},
    {119, "NEC"},
    {171, "D-Link"},
    {186, "Toshiba"},
    {207, "Allied Telesis"},
    {211, "Fujitsu"},
    {236, "Samsung"},
    {244, "Lantronix"},
    {248, "Hirschmann"},
    {253, "Xerox"},
    {278, "APRESIA"},
    {311, "Microsoft"},
    {318, "APC"},
    {332, "Digi International"},
    {343, "Intel"},
    {367, "Ricoh"},
    {368, "Axis"},
    {409, "Mitsubishi Electric"},
    {476, "Vertiv"},
    {534, "Eaton"},
    {553, "GarrettCom"},
    {641, "Lexmark"},
    {672, "Contec"},
    {674, "Dell"},
    {789, "NetApp"},
    {850, "Tripp Lite"},
    {890, "ZyXEL"},
    {908, "ABB"},
    {1182, "Yamaha"},
    {1248, "Seiko Epson"},
    {1347, "Kyocera"},
    {1588, "Brocade"},
    {1602, "Canon"},
    {1890, "Red Lion"},
    {1966, "Perle"},
    {1991, "Brocade"},
    {2011, "Huawei"},
    {2435, "Brother"},
    {2620, "Check Point"},
    {2636, "Juniper"},
    {3224, "NetScreen"},
    {3375, "F5"},
    {3442, "Advantech"},
    {3833, "Schneider Electric"},
    {3955, "Linksys"},
    {4196, "Siemens"},
    {4329, "Siemens"},
    {4346, "Phoenix Contact"},
    {4526, "Netgear"},
    {5227, "Buffalo"},
    {5624, "Enterasys"},
    {6027, "Force10"},
    {6486, "Alcatel-Lucent"},
    {6527, "Nokia"},
    {6574, "Synology"},
    {6876, "VMware"},
    {7427, "Yokogawa Electric"},
    {7508, "Fuji Electric"},
    {8691, "Moxa"},
    {10297, "Advantech"},
    {11863, "TP-Link"},
    {12356, "Fortinet"},
    {13400, "Vertiv"},
    {13576, "WAGO"},
    {13742, "Raritan"},
    {14179, "Cisco"},
    {14823, "Aruba"},
    {14988, "MikroTik"},
    {15004, "RuggedCom"},
    {16177, "Westermo"},
    {16838, "Omron"},
    {17268, "ABB"},
    {20540, "Red Lion"},
    {20998, "Honeywell"},
    {21317, "ATEN"},
    {21839, "ALAXALA"},
    {24681, "QNAP"},
    {24866, "Turck"},
    {25053, "Ruckus"},
    {25461, "Palo Alto Networks"},
    {25506, "H3C"},
    {30065, "Arista"},
    {41112, "Ubiquiti"},
    {47196, "Hewlett Packard Enterprise"},
});
static_assert(std::ranges::is_sorted(kEnterprises, {}, &Enterprise::number));

}  // namespace

std::string_view enterprise_name(std::uint32_t number) noexcept {
  const auto found = std::ranges::lower_bound(kEnterprises, number, {}, &Enterprise::number);
  return found != kEnterprises.end() && found->number == number ? found->name : std::string_view{};
}

}  // namespace sekimori
