//! A small H.264 encoder (baseline profile): the first frame raw, then only the macroblocks that changed.
//!
//! Every coded macroblock is I_PCM, so nothing is transformed or predicted and what goes in comes out exactly;
//! unchanged ones are P_Skip. That is a real stream for every decoder, in 200 lines, at a size that suits short films
//! with little movement. Clause numbers are those of ITU-T H.264. The container is `mp4`.

/// One picture in YUV 4:2:0, full macroblocks: `width` and `height` are multiples of 16.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) luma: Vec<u8>,
    pub(super) blue: Vec<u8>,
    pub(super) red: Vec<u8>,
}

impl Frame {
    /// From RGB bytes, in the limited range of BT.601 that `sequence_parameters` declares.
    pub(super) fn from_rgb(width: usize, height: usize, rgb: &[u8]) -> Self {
        let weigh = |pixel: &[u8], r: f32, g: f32, b: f32, base: f32| {
            f32::from(pixel[0]) * r + f32::from(pixel[1]) * g + f32::from(pixel[2]) * b + base
        };
        let luma = rgb.chunks_exact(3).map(|pixel| (weigh(pixel, 0.2568, 0.5041, 0.0979, 16.0) + 0.5) as u8).collect();
        let mut blue = Vec::with_capacity(width * height / 4);
        let mut red = Vec::with_capacity(width * height / 4);
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(2) {
                let (mut cb, mut cr) = (0.0, 0.0);
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let pixel = &rgb[((y + dy) * width + x + dx) * 3..][..3];
                    cb += weigh(pixel, -0.1482, -0.2910, 0.4392, 128.0);
                    cr += weigh(pixel, 0.4392, -0.3678, -0.0714, 128.0);
                }
                blue.push((cb / 4.0 + 0.5) as u8);
                red.push((cr / 4.0 + 0.5) as u8);
            }
        }
        Self { width, height, luma, blue, red }
    }

    /// The 384 bytes of one macroblock in the order of `macroblock_layer()`: luma, blue, red.
    fn macroblock(&self, column: usize, row: usize) -> [u8; 384] {
        let mut bytes = [0; 384];
        for y in 0..16 {
            let start = (row * 16 + y) * self.width + column * 16;
            bytes[y * 16..y * 16 + 16].copy_from_slice(&self.luma[start..start + 16]);
        }
        for (plane, at) in [(&self.blue, 256), (&self.red, 320)] {
            for y in 0..8 {
                let start = (row * 8 + y) * (self.width / 2) + column * 8;
                bytes[at + y * 8..at + y * 8 + 8].copy_from_slice(&plane[start..start + 8]);
            }
        }
        bytes
    }
}

/// `nal_unit_type` of a picture that needs those before it.
pub(super) const NAL_SLICE: u8 = 1;
/// `nal_unit_type` of a picture that needs none.
pub(super) const NAL_IDR: u8 = 5;
const NAL_SEQUENCE: u8 = 7;
const NAL_PICTURE: u8 = 8;

/// Level 4.0: up to 8,192 macroblocks a picture, and no limit that raw macroblocks at 8 frames a second would meet.
pub(super) const LEVEL: u8 = 40;
/// Baseline, and decodable as constrained baseline and main (`constraint_set0_flag`, `constraint_set1_flag`).
pub(super) const PROFILE: [u8; 2] = [66, 0b1100_0000];

/// The sequence parameter set (7.3.2.1) as a NAL unit.
pub(super) fn sequence_parameters(width: usize, height: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.fixed(u32::from(PROFILE[0]), 8);
    bits.fixed(u32::from(PROFILE[1]), 8);
    bits.fixed(u32::from(LEVEL), 8);
    bits.ue(0); // seq_parameter_set_id
    bits.ue(0); // log2_max_frame_num_minus4
    bits.ue(2); // pic_order_cnt_type: shown in coding order
    bits.ue(1); // max_num_ref_frames
    bits.fixed(0, 1); // gaps_in_frame_num_value_allowed_flag
    bits.ue(width as u32 / 16 - 1);
    bits.ue(height as u32 / 16 - 1);
    bits.fixed(1, 1); // frame_mbs_only_flag
    bits.fixed(1, 1); // direct_8x8_inference_flag
    bits.fixed(0, 1); // frame_cropping_flag
    bits.fixed(1, 1); // vui_parameters_present_flag (E.1.1)
    bits.fixed(0, 2); // no aspect ratio, no overscan
    bits.fixed(1, 1); // video_signal_type_present_flag
    bits.fixed(5, 3); // format unspecified
    bits.fixed(0, 1); // limited range
    bits.fixed(1, 1); // colour_description_present_flag
    for _ in 0..3 {
        bits.fixed(6, 8); // primaries, transfer, matrix: BT.601
    }
    bits.fixed(0, 5); // no chroma location, timing, nal_hrd, vcl_hrd, pic_struct
    bits.fixed(1, 1); // bitstream_restriction_flag: a decoder may show each picture at once
    bits.fixed(1, 1); // motion_vectors_over_pic_boundaries_flag
    bits.ue(0); // max_bytes_per_pic_denom: no limit
    bits.ue(0); // max_bits_per_mb_denom: no limit
    bits.ue(0); // log2_max_mv_length_horizontal
    bits.ue(0); // log2_max_mv_length_vertical
    bits.ue(0); // max_num_reorder_frames
    bits.ue(1); // max_dec_frame_buffering
    bits.nal(NAL_SEQUENCE)
}

/// The picture parameter set (7.3.2.2) as a NAL unit.
pub(super) fn picture_parameters() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.ue(0); // pic_parameter_set_id
    bits.ue(0); // seq_parameter_set_id
    bits.fixed(0, 2); // CAVLC; no field order
    bits.ue(0); // one slice group
    bits.ue(0); // num_ref_idx_l0_default_active_minus1
    bits.ue(0); // num_ref_idx_l1_default_active_minus1
    bits.fixed(0, 3); // no weighted prediction
    bits.se(0); // pic_init_qp_minus26
    bits.se(0); // pic_init_qs_minus26
    bits.se(0); // chroma_qp_index_offset
    bits.fixed(1, 1); // deblocking_filter_control_present_flag: slices switch it off
    bits.fixed(0, 2); // unconstrained intra prediction; no redundant pictures
    bits.nal(NAL_PICTURE)
}

/// The NAL unit of the picture at `index` (0 is the first), given the one before it. Each picture is one slice.
pub(super) fn slice(index: u32, frame: &Frame, before: Option<&Frame>) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.ue(0); // first_mb_in_slice
    bits.ue(if before.is_some() { 5 } else { 7 }); // slice_type: all P, all I
    bits.ue(0); // pic_parameter_set_id
    bits.fixed(if before.is_some() { index % 16 } else { 0 }, 4); // frame_num
    if before.is_some() {
        bits.fixed(0, 2); // default reference count; no list modification
        bits.fixed(0, 1); // adaptive_ref_pic_marking_mode_flag
    } else {
        bits.ue(0); // idr_pic_id
        bits.fixed(0, 2); // no_output_of_prior_pics_flag, long_term_reference_flag
    }
    bits.se(0); // slice_qp_delta
    bits.ue(1); // disable_deblocking_filter_idc: raw stays raw

    let mut skipped = 0;
    for row in 0..frame.height / 16 {
        for column in 0..frame.width / 16 {
            let block = frame.macroblock(column, row);
            match before {
                Some(before) if before.macroblock(column, row) == block => {
                    skipped += 1;
                    continue;
                }
                Some(_) => {
                    bits.ue(skipped); // mb_skip_run
                    skipped = 0;
                    bits.ue(30); // mb_type: I_PCM in a P slice, 5 + 25
                }
                None => bits.ue(25), // mb_type: I_PCM
            }
            bits.align();
            bits.bytes.extend_from_slice(&block);
        }
    }
    if skipped > 0 {
        bits.ue(skipped);
    }
    bits.nal(if before.is_some() { NAL_SLICE } else { NAL_IDR })
}

/// Writes bits, most significant first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    /// Bits used of the last byte, 1 to 7; 0 when the next bit starts a byte.
    used: u32,
}

impl Bits {
    fn fixed(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= (((value >> bit) & 1) as u8) << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// Exp-Golomb code of an unsigned number (9.1).
    fn ue(&mut self, value: u32) {
        let length = (value + 1).ilog2();
        self.fixed(0, length);
        self.fixed(value + 1, length + 1);
    }

    /// Exp-Golomb code of a signed number (9.1.1).
    fn se(&mut self, value: i32) {
        self.ue(if value > 0 { value as u32 * 2 - 1 } else { value.unsigned_abs() * 2 });
    }

    fn align(&mut self) {
        self.used = 0;
    }

    /// Closes the payload and wraps it with its header byte and emulation prevention (7.4.1.1).
    fn nal(mut self, kind: u8) -> Vec<u8> {
        self.fixed(1, 1); // rbsp_stop_one_bit
        let mut nal = Vec::with_capacity(self.bytes.len() + 16);
        nal.push(0b0110_0000 | kind); // nal_ref_idc 3
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros >= 2 && byte <= 3 {
                nal.push(3);
                zeros = 0;
            }
            nal.push(byte);
            zeros = if byte == 0 { zeros + 1 } else { 0 };
        }
        nal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(level: u8) -> Frame {
        Frame::from_rgb(48, 32, &vec![level; 48 * 32 * 3])
    }

    #[test]
    fn exp_golomb_codes_are_those_of_the_standard() {
        for (value, code) in [(0, "1"), (1, "010"), (2, "011"), (3, "00100"), (7, "0001000"), (25, "000011010")] {
            let mut bits = Bits::default();
            bits.ue(value);
            let text: String = bits.bytes.iter().map(|byte| format!("{byte:08b}")).collect();
            assert!(text.starts_with(code), "{value}: {text}");
            assert!(text[code.len()..].bytes().all(|bit| bit == b'0'));
        }
    }

    #[test]
    fn no_start_code_can_appear_inside_a_nal_unit() {
        let mut bits = Bits::default();
        for _ in 0..40 {
            bits.fixed(0, 8);
        }
        bits.fixed(1, 8);
        let nal = bits.nal(NAL_SLICE);
        assert!(!nal.windows(3).any(|three| three[..2] == [0, 0] && three[2] < 3));
    }

    #[test]
    fn colours_land_in_the_limited_range() {
        assert_eq!((grey(0).luma[0], grey(255).luma[0]), (16, 235));
        assert_eq!((grey(255).blue[0], grey(255).red[0]), (128, 128));
    }

    #[test]
    fn an_unchanged_frame_costs_a_few_bytes_and_a_changed_block_its_own() {
        let first = grey(90);
        assert!(slice(0, &first, None).len() >= 6 * 384);
        assert!(slice(1, &first, Some(&first)).len() < 12);
        let mut second = first.clone();
        second.luma[20 * 48 + 20] = 91; // second column, second row of macroblocks
        let changed = slice(1, &second, Some(&first));
        assert!((384..400).contains(&changed.len()), "{}", changed.len());
    }
}
