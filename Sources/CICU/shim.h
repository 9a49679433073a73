#pragma once
#include <unicode/unorm2.h>
#include <unicode/uchar.h>
