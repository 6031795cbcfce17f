//! Paints landscapes: which scene a recipe shows, and the scene put together from sky, land, water and plants.
//!
//! The promise is one of looks: no two alike, colours that fit hour and season. EXIF and JPEG are `picture`'s.

pub(super) mod canvas;
mod city;
mod colour;
pub(super) mod figures;
mod land;
pub(super) mod light;
mod noise;
mod plants;
mod scene;
mod sky;
mod terrain;
mod water;

pub(super) use scene::{Moment, Scene, paint, seascape};
