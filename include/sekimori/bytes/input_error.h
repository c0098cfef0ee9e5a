#pragma once

#include "sekimori/bytes/error.h"

namespace sekimori {

/// An Error of a file that was handed over, found while another is written: it keeps its own place.
class InputError : public Error {
 public:
  using Error::Error;
};

}  // namespace sekimori
