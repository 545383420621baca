#pragma once

/// Blocks that this thread has asked malloc and its kin for.
unsigned long allocations_of_thread(void);
