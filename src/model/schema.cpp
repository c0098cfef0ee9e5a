#include "sekimori/model/database.h"

namespace sekimori {
namespace embedded {
extern const std::string_view schema_sql, index_sql;
}  // namespace embedded

std::string_view schema_sql() {
  return embedded::schema_sql;
}

std::string_view index_sql() {
  return embedded::index_sql;
}

}  // namespace sekimori
