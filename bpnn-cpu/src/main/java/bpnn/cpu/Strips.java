package bpnn.cpu;

/**
 * Rows in strips: as many as the rows of a tile need, the last ones of a lower tile where that is enough. 128 rows are 20
 * strips of six rows and two of four.
 */
final class Strips {
    private static final int MOST_LOW = 2;

    private final int rows;
    private final PackedTile tile;
    private final PackedTile low;
    private final int count;
    private final int tall;

    Strips(int rows, PackedTile tile, PackedTile low) {
        this.rows = rows;
        this.tile = tile;
        this.low = low;
        count = Gemm.roundUp(rows, tile.mr()) / tile.mr();
        int lower = 0;
        int spare = count * tile.mr() - rows;
        int saved = tile.mr() - low.mr();
        while (saved > 0 && lower < Math.min(MOST_LOW, count) && spare >= saved) {
            spare -= saved;
            lower++;
        }
        tall = count - lower;
    }

    int count() {
        return count;
    }

    /** First row of a strip; for the strip behind the last one, the number of rows. */
    int start(int strip) {
        int start = strip <= tall ? strip * tile.mr() : tall * tile.mr() + (strip - tall) * low.mr();
        return Math.min(rows, start);
    }

    /** The tile for a strip, of which the last one may have fewer rows than its tile. */
    PackedTile tile(int strip) {
        return strip < tall ? tile : low;
    }
}
