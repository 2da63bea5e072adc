// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the Cortex-A35s begin after their release: EL3, MMU off. Core 0 goes on in C, the others sleep.

        .section .text.start, "ax"
        .global start
start:
        mrs     x0, mpidr_el1
        and     x0, x0, #0xff
        cbnz    x0, park
        adrp    x1, stack_top
        add     x1, x1, :lo12:stack_top
        mov     sp, x1
        adrp    x1, vectors
        add     x1, x1, :lo12:vectors
        msr     vbar_el3, x1
        isb
        bl      a35_main
#if NONSECURE
        // Into the non-secure world: EL2, AArch64.
        mov     x0, #(1 << 10 | 3 << 4 | 1)
        msr     scr_el3, x0
        mov     x0, #0x3c9
        msr     spsr_el3, x0
        adrp    x0, nonsecure
        add     x0, x0, :lo12:nonsecure
        msr     elr_el3, x0
        adrp    x1, vectors
        add     x1, x1, :lo12:vectors
        msr     vbar_el2, x1
        adrp    x1, nonsecure_stack_top
        add     x1, x1, :lo12:nonsecure_stack_top
        isb
        eret
nonsecure:
        mov     sp, x1
        bl      a35_nonsecure_main
#endif
park:
        wfi
        b       park

// A refused bus access is a synchronous exception: count it, and go on behind it.
        .macro  vector
        .balign 0x80
        b       refused
        .endm

        .balign 0x800
vectors:
        .rept   16
        vector
        .endr

refused:
        stp     x0, x1, [sp, #-16]!
        mrs     x1, CurrentEL
        cmp     x1, #(3 << 2)
        b.ne    1f
        mrs     x0, elr_el3
        add     x0, x0, #4
        msr     elr_el3, x0
        b       2f
1:      mrs     x0, elr_el2
        add     x0, x0, #4
        msr     elr_el2, x0
2:
        adrp    x1, refused_accesses
        add     x1, x1, :lo12:refused_accesses
        ldr     w0, [x1]
        add     w0, w0, #1
        str     w0, [x1]
        ldp     x0, x1, [sp], #16
        eret

        .section .bss
        .balign 16
        .space  16384
stack_top:
#if NONSECURE
        .space  16384
nonsecure_stack_top:
#endif
