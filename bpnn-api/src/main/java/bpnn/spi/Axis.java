package bpnn.spi;

/** The axis that {@link Kernels#reduce} reduces. */
public enum Axis {
    /** Over the rows: [rows, cols] becomes [1, cols], one value per column. */
    ROWS,
    /** Over the columns: [rows, cols] becomes [rows, 1], one value per row. */
    COLUMNS
}
